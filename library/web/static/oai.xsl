<?xml version="1.0" encoding="UTF-8"?>
<!-- An answer to harvesters as a page for people. No scripts, no styles of its own, no outside addresses. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:oai="http://www.openarchives.org/OAI/2.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"
    exclude-result-prefixes="oai dc">
  <xsl:output method="html" encoding="UTF-8" doctype-system="about:legacy-compat"/>
  <xsl:variable name="prefix">
    <xsl:choose>
      <xsl:when test="/oai:OAI-PMH/oai:request/@metadataPrefix">
        <xsl:value-of select="/oai:OAI-PMH/oai:request/@metadataPrefix"/>
      </xsl:when>
      <xsl:otherwise>oai_dc</xsl:otherwise>
    </xsl:choose>
  </xsl:variable>

  <xsl:template match="/oai:OAI-PMH">
    <html lang="en">
      <head>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        <meta name="robots" content="noindex"/>
        <title>Open archive (OAI-PMH)</title>
        <link rel="stylesheet" href="/static/site.css"/>
        <link rel="stylesheet" href="/static/oai.css"/>
      </head>
      <body>
        <main class="oai">
          <h1>Open archive</h1>
          <p class="muted">
            This address is for programs that collect library records by OAI-PMH 2.0. To look for a book,
            <a href="/">search the library</a>. Answered as of <xsl:value-of select="oai:responseDate"/>.
          </p>
          <nav aria-label="Requests">
            <ul>
              <li><a href="?verb=Identify">About the archive</a></li>
              <li><a href="?verb=ListMetadataFormats">Formats</a></li>
              <li><a href="?verb=ListSets">Sets</a></li>
              <li><a href="?verb=ListRecords&amp;metadataPrefix=oai_dc">Records</a></li>
              <li><a href="?verb=ListIdentifiers&amp;metadataPrefix=oai_dc">Identifiers</a></li>
            </ul>
          </nav>
          <xsl:apply-templates select="*[not(self::oai:responseDate or self::oai:request)]"/>
        </main>
      </body>
    </html>
  </xsl:template>

  <xsl:template match="oai:error">
    <div class="error">
      <p><strong><xsl:value-of select="@code"/></strong></p>
      <p><xsl:value-of select="."/></p>
    </div>
  </xsl:template>

  <xsl:template match="oai:Identify">
    <h2>About the archive</h2>
    <section>
      <dl>
        <xsl:for-each select="*[not(self::oai:description)]">
          <dt><xsl:value-of select="local-name()"/></dt>
          <dd><xsl:value-of select="."/></dd>
        </xsl:for-each>
      </dl>
      <xsl:for-each select="oai:description/*">
        <details>
          <summary><xsl:value-of select="local-name()"/></summary>
          <dl><xsl:apply-templates select="*" mode="told"/></dl>
        </details>
      </xsl:for-each>
    </section>
  </xsl:template>

  <xsl:template match="oai:ListMetadataFormats">
    <h2>Formats</h2>
    <xsl:for-each select="oai:metadataFormat">
      <section>
        <p><strong><xsl:value-of select="oai:metadataPrefix"/></strong></p>
        <p class="muted"><xsl:value-of select="oai:metadataNamespace"/></p>
        <p class="muted"><xsl:value-of select="oai:schema"/></p>
        <p>
          <xsl:choose>
            <xsl:when test="/oai:OAI-PMH/oai:request/@identifier">
              <a href="?verb=GetRecord&amp;metadataPrefix={oai:metadataPrefix}&amp;identifier={/oai:OAI-PMH/oai:request/@identifier}">The record</a>
            </xsl:when>
            <xsl:otherwise>
              <a href="?verb=ListRecords&amp;metadataPrefix={oai:metadataPrefix}">Records</a>
            </xsl:otherwise>
          </xsl:choose>
        </p>
      </section>
    </xsl:for-each>
  </xsl:template>

  <xsl:template match="oai:ListSets">
    <h2>Sets</h2>
    <xsl:for-each select="oai:set">
      <section>
        <p><strong><xsl:value-of select="oai:setName"/></strong></p>
        <p class="muted"><xsl:value-of select="oai:setSpec"/></p>
        <xsl:for-each select="oai:setDescription//dc:description"><p><xsl:value-of select="."/></p></xsl:for-each>
        <p><a href="?verb=ListRecords&amp;metadataPrefix=oai_dc&amp;set={oai:setSpec}">Records</a></p>
      </section>
    </xsl:for-each>
  </xsl:template>

  <xsl:template match="oai:ListRecords | oai:ListIdentifiers | oai:GetRecord">
    <h2><xsl:value-of select="local-name()"/></h2>
    <xsl:apply-templates select="oai:resumptionToken" mode="place"/>
    <xsl:apply-templates select="oai:record | oai:header"/>
    <xsl:apply-templates select="oai:resumptionToken"/>
  </xsl:template>

  <xsl:template match="oai:record">
    <section>
      <xsl:apply-templates select="oai:header" mode="lines"/>
      <xsl:if test="oai:metadata">
        <xsl:for-each select="(oai:metadata//dc:title)[1]"><p><strong><xsl:value-of select="."/></strong></p></xsl:for-each>
        <details>
          <xsl:if test="count(../oai:record) = 1"><xsl:attribute name="open">open</xsl:attribute></xsl:if>
          <summary>Metadata</summary>
          <dl><xsl:apply-templates select="oai:metadata/*/*" mode="told"/></dl>
        </details>
      </xsl:if>
    </section>
  </xsl:template>

  <xsl:template match="oai:header">
    <section><xsl:apply-templates select="." mode="lines"/></section>
  </xsl:template>

  <xsl:template match="oai:header" mode="lines">
    <p>
      <a href="?verb=GetRecord&amp;metadataPrefix={$prefix}&amp;identifier={oai:identifier}"><xsl:value-of select="oai:identifier"/></a>
      <xsl:if test="@status = 'deleted'"><xsl:text> </xsl:text><span class="deleted">deleted</span></xsl:if>
    </p>
    <p class="muted">
      <xsl:value-of select="oai:datestamp"/>
      <xsl:for-each select="oai:setSpec"><xsl:text> · </xsl:text><xsl:value-of select="."/></xsl:for-each>
    </p>
    <p><a href="?verb=ListMetadataFormats&amp;identifier={oai:identifier}">Formats of this record</a></p>
  </xsl:template>

  <xsl:template match="*" mode="told">
    <xsl:choose>
      <xsl:when test="*"><xsl:apply-templates select="*" mode="told"/></xsl:when>
      <xsl:otherwise>
        <dt>
          <xsl:value-of select="local-name()"/>
          <xsl:if test="../@tag"><xsl:text> </xsl:text><xsl:value-of select="../@tag"/></xsl:if>
          <xsl:if test="@tag"><xsl:text> </xsl:text><xsl:value-of select="@tag"/></xsl:if>
          <xsl:if test="@code"><xsl:text> $</xsl:text><xsl:value-of select="@code"/></xsl:if>
        </dt>
        <dd><xsl:value-of select="."/></dd>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="oai:resumptionToken" mode="place">
    <p class="muted">
      <xsl:value-of select="@completeListSize"/> in this list, from number <xsl:value-of select="@cursor + 1"/>.
    </p>
  </xsl:template>

  <xsl:template match="oai:resumptionToken">
    <xsl:if test="string(.)">
      <p><a href="?verb={/oai:OAI-PMH/oai:request/@verb}&amp;resumptionToken={.}">Next page</a></p>
    </xsl:if>
  </xsl:template>
</xsl:stylesheet>
