00221nam a2200073   4500001000300000008004100003245009400044
300000900138w1111111s2011    kz            000 0 kaz d00
aA record wrapped at sixty characters by a text editor :bwi
th everything in it /cnobody.  a1 p.