"""Gongwen 公文库: the kernel: text, documents, records, reviews, rules, store."""

VERSION = "0.1.0"
