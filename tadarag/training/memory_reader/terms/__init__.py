"""What a written memory is rewarded with, a module for each term."""
