import SystemPackage

/// Descriptors 0, 1 and 2.
package enum StandardDescriptors {
    /// Fills those that the process was started without.
    ///
    /// Otherwise the next file opened would get the number, and answers might be written into a model. What fills
    /// them is open in the wrong direction, so that reading or writing still fails.
    package static func fill() {
        for (descriptor, mode) in [
            (FileDescriptor.standardInput, FileDescriptor.AccessMode.writeOnly), (.standardOutput, .readOnly),
            (.standardError, .readOnly),
        ] where (try? descriptor.stat()) == nil {
            // The lowest free number is taken, which is this one: those below are open.
            _ = try? FileDescriptor.open("/dev/null", mode)
        }
    }
}
