"""Text search for Japanese: one spelling, words and pairs of characters, questions, an embedded index. Knows nothing of Django or the programme.

`contract` says what is asked and answered, `answering` answers, `embedded` keeps documents in files.
"""
