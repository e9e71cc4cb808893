"""gongwen/cli"""
