"""Mail in and mail out, and who has it in hand."""
