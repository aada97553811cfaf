import SystemPackage

extension FileDescriptor {
    /// Whether someone at the other end can go away: true of pipes and sockets.
    var canHangUp: Bool {
        guard let type = try? stat().type else { return false }
        return type == .fifo || type == .socket
    }
}
