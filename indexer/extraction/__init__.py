"""Text and pictures of pages out of full texts: everything that reads a file does so in a child process with limits."""
