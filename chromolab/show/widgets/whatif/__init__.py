"""The what-if lab: paint on a track, see what models expect."""
