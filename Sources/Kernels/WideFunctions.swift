import CVectorMath

/// The border to the functions that are compiled for wide registers: each checks its extents, then calls C.
extension MutableSpan where Element == Float {
    /// `x = x + bias` in a region; `bias` has an element for each of its columns.
    mutating func add(_ bias: Span<Float>, to region: Region) {
        region.check(within: count)
        precondition(bias.count == region.columns)
        unsafe withUnsafeMutableBufferPointer { x in
            unsafe bias.withUnsafeBufferPointer { bias in
                guard let x = x.baseAddress, let bias = bias.baseAddress else { return }
                unsafe vector_math_add_bias(x + region.start, region.rows, region.columns, region.stride, bias)
            }
        }
    }

    /// `x = gelu(x + bias)` in a region.
    mutating func gelu(_ region: Region, adding bias: Span<Float>?) {
        region.check(within: count)
        if let bias { precondition(bias.count == region.columns) }
        unsafe withUnsafeMutableBufferPointer { x in
            guard let x = x.baseAddress else { return }
            let (first, rows, columns, stride) = unsafe (x + region.start, region.rows, region.columns, region.stride)
            guard let bias else { return unsafe vector_math_gelu(first, rows, columns, stride, nil) }
            unsafe bias.withUnsafeBufferPointer { bias in
                unsafe vector_math_gelu(first, rows, columns, stride, bias.baseAddress)
            }
        }
    }

    /// `out = x + y ⊙ scale`, row by row; without `scale`, one row of everything.
    mutating func sum(_ x: Span<Float>, _ y: Span<Float>, scale: Span<Float>?) {
        let columns = scale?.count ?? count
        precondition(x.count == count && y.count == count && (columns == 0 || count % columns == 0))
        if columns == 0 { return }
        let rows = count / columns
        unsafe withUnsafeMutableBufferPointer { out in
            unsafe x.withUnsafeBufferPointer { x in
                unsafe y.withUnsafeBufferPointer { y in
                    guard let out = out.baseAddress, let x = x.baseAddress, let y = y.baseAddress else { return }
                    guard let scale else { return unsafe vector_math_add(out, x, y, nil, rows, columns) }
                    unsafe scale.withUnsafeBufferPointer { scale in
                        unsafe vector_math_add(out, x, y, scale.baseAddress, rows, columns)
                    }
                }
            }
        }
    }

    /// Layer normalisation of rows as wide as `scale` and `shift`.
    mutating func normalized(_ x: Span<Float>, scale: Span<Float>, shift: Span<Float>, epsilon: Float) {
        let columns = scale.count
        precondition(x.count == count && shift.count == columns && (columns == 0 || count % columns == 0))
        if columns == 0 { return }
        let rows = count / columns
        unsafe withUnsafeMutableBufferPointer { out in
            unsafe x.withUnsafeBufferPointer { x in
                unsafe scale.withUnsafeBufferPointer { scale in
                    unsafe shift.withUnsafeBufferPointer { shift in
                        guard let out = out.baseAddress, let x = x.baseAddress, let scale = scale.baseAddress,
                            let shift = shift.baseAddress
                        else { return }
                        unsafe vector_math_layer_norm(out, x, scale, shift, rows, columns, epsilon)
                    }
                }
            }
        }
    }

    /// Replaces a row of whole lanes by `2^(x + bias − max)` and returns the sum; `bias` is where its row begins, in the
    /// same span and apart from it.
    mutating func powers(_ start: Int, _ count: Int, bias: Int?) -> Float {
        precondition(start >= 0 && count % Lanes.scalarCount == 0 && start &+ count <= self.count)
        precondition(bias.map { $0 >= 0 && $0 &+ count <= self.count } ?? true)
        return unsafe withUnsafeMutableBufferPointer { x in
            guard let x = x.baseAddress else { return 0 }
            let shift = unsafe bias.map { unsafe UnsafePointer(x + $0) }
            return unsafe vector_math_powers(x + start, count, shift)
        }
    }

    /// All heads of a short group (``AttentionShape/isShort(_:)``), without bias; operands as in ``attention``, which has
    /// checked their extents.
    mutating func attend(_ operands: AttentionOperands, _ shape: AttentionShape, _ group: AttentionShape.Group) {
        precondition(shape.isShort(group))
        unsafe withUnsafeMutableBufferPointer { out in
            unsafe operands.queries.withUnsafeBufferPointer { queries in
                unsafe operands.keys.withUnsafeBufferPointer { keys in
                    unsafe operands.values.withUnsafeBufferPointer { values in
                        guard let out = out.baseAddress, let queries = queries.baseAddress,
                            let keys = keys.baseAddress, let values = values.baseAddress
                        else { return }
                        for head in 0..<shape.heads {
                            let blocks = AttentionShape.HeadBlocks(shape, group, head)
                            unsafe vector_math_attend(
                                out + blocks.out.offset, blocks.out.stride,
                                queries + blocks.query.offset, blocks.query.stride,
                                keys + blocks.key.offset, blocks.key.stride,
                                values + blocks.value.offset, blocks.value.stride,
                                group.queries, group.keys, shape.headWidth, shape.binaryScale)
                        }
                    }
                }
            }
        }
    }
}

extension AttentionShape {
    /// Whether a group is so short that calls of BLAS would cost more than the products that they make.
    func isShort(_ group: Group) -> Bool {
        (1...Int(vector_math_attended_keys)).contains(group.keys) && group.queries > 0
            && [16, 32, 64].contains(headWidth)
    }
}
