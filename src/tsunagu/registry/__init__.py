"""Who and what the programme knows: bureaus, regions, organisations, labs, designations, status — all with dates."""
