"""Pictures of answers that are no run, comparison or sweep: of an ablation, of a landscape."""
