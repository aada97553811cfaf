"""Pictures by OpenCV, turned as their EXIF orientation says."""

import os

os.environ["OPENCV_IO_MAX_IMAGE_PIXELS"] = str(64_000_000)
os.environ["OPENCV_LOG_LEVEL"] = "OFF"

import cv2  # noqa: E402  reads the environment when it is imported
import numpy  # noqa: E402

from posts import Note  # noqa: E402


def decoded(data):
    """The pixels of a picture, rows of blue, green and red."""
    try:
        picture = cv2.imdecode(numpy.frombuffer(data, numpy.uint8), cv2.IMREAD_COLOR) if data else None
    except cv2.error:
        picture = None
    if picture is None:
        raise Note("is no picture")
    return picture
