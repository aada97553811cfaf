import SystemPackage
import Files

/// A TensorBoard event file: scalars over steps.
///
/// TFRecord framing (length, masked CRC of the length, data, masked CRC of the data) around `tensorflow.Event`
/// messages, of which only the fields for scalars are written.
final class EventFile {
    private let file: LogFile

    /// Opens `directory/events.out.tfevents.…` for appending and writes the version record if it is new.
    init(directory: FilePath, wallTime: Double) throws(TrainingError) {
        file = try LogFile(directory.appending("events.out.tfevents.gmner"))
        if try file.isEmpty {
            try append(Self.event(time: wallTime, step: 0) { $0.field(3, text: "brain.Event:2") })
        }
    }

    /// One value of each series at a step.
    func write(_ scalars: [(name: String, value: Float)], step: Int, wallTime: Double) throws(TrainingError) {
        try append(
            Self.event(time: wallTime, step: step) { event in
                event.field(5) { summary in
                    for scalar in scalars {
                        summary.field(1) { value in
                            value.field(1, text: scalar.name)
                            value.field(2, fixed: scalar.value)
                        }
                    }
                }
            })
    }

    private func append(_ message: [UInt8]) throws(TrainingError) {
        var record: [UInt8] = []
        record.append(littleEndian: UInt64(message.count))
        record.append(littleEndian: CRC32C.of(record).masked)
        record.append(contentsOf: message)
        record.append(littleEndian: CRC32C.of(message).masked)
        try file.append(record)
    }

    private static func event(time: Double, step: Int, _ body: (inout ProtobufMessage) -> Void) -> [UInt8] {
        var event = ProtobufMessage()
        event.field(1, fixed: time)
        event.field(2, number: UInt64(step))
        body(&event)
        return event.bytes
    }
}

/// The four kinds of protocol-buffer field that an event needs.
private struct ProtobufMessage {
    var bytes: [UInt8] = []

    mutating func field(_ number: UInt8, number value: UInt64) {
        // Zero is what a field that is left out means.
        if value == 0 { return }
        bytes.append(number << 3)
        variable(value)
    }

    mutating func field(_ number: UInt8, fixed value: Double) {
        bytes.append(number << 3 | 1)
        bytes.append(littleEndian: value.bitPattern)
    }

    mutating func field(_ number: UInt8, fixed value: Float) {
        bytes.append(number << 3 | 5)
        bytes.append(littleEndian: value.bitPattern)
    }

    mutating func field(_ number: UInt8, text: String) {
        field(number) { $0.bytes = Array(text.utf8) }
    }

    mutating func field(_ number: UInt8, _ body: (inout ProtobufMessage) -> Void) {
        var inner = ProtobufMessage()
        body(&inner)
        bytes.append(number << 3 | 2)
        variable(UInt64(inner.bytes.count))
        bytes.append(contentsOf: inner.bytes)
    }

    private mutating func variable(_ value: UInt64) {
        var rest = value
        while rest >= 128 {
            bytes.append(UInt8(rest & 127) | 128)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}

extension [UInt8] {
    mutating func append<Number: FixedWidthInteger>(littleEndian number: Number) {
        for byte in 0..<Number.bitWidth / 8 { append(UInt8(truncatingIfNeeded: number >> Number(8 * byte))) }
    }
}
