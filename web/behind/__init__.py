"""What strangers ask and send, answered away from the pages: by a list, in processes, in threads apart."""
