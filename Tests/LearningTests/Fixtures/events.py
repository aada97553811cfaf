"""Two records of a TensorBoard event file, written by tensorboard's own classes.

    pip install tensorboard && python events.py events.tfevents
"""
import sys

from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.record_writer import RecordWriter

with open(sys.argv[1], "wb") as file:
    writer = RecordWriter(file)
    writer.write(Event(wall_time=1.5, step=0, file_version="brain.Event:2").SerializeToString())
    values = [Summary.Value(tag="train/loss", simple_value=0.25), Summary.Value(tag="train/rate", simple_value=2)]
    writer.write(Event(wall_time=2.5, step=300, summary=Summary(value=values)).SerializeToString())
