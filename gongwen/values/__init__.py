"""gongwen/values"""
