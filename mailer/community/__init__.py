"""What a community means: words, threads, tags, counts. Pure: values in, values out."""
