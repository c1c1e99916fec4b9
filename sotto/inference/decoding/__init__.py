"""From logits to text: greedy and beam search, rules, long audio."""
