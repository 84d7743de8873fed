"""tadarag: answers from your own documents, with citations that can be checked."""
