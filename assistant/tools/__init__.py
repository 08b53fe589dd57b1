"""What a language model may do: the skills' functions, and tools of servers that speak the Model Context Protocol."""
