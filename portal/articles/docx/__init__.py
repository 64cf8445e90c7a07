"""A document of Word (.docx) as HTML: run in a process with limits (core.limits), so nothing here imports what stands above it.

What it says of a file that it does not take is one word of `package.WORDS`; `articles.word` has the sentences.
"""
