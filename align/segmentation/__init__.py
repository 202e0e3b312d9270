"""Article -> segments: sentences as lossless character spans."""

from align.segmentation.segmenter import segment, segment_text

__all__ = ["segment", "segment_text"]
