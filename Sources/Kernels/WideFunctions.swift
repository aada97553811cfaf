import CVectorMath

/// The border to the functions that are compiled for wide registers: each checks its extents, then calls C.
extension MutableSpan where Element == Float {
    /// `x = x + bias` in `rows` rows of `columns` elements that are `stride` apart, the first at `start`; with the elements
    /// of `bias` from `first` on.
    mutating func addBias(
        at start: Int, rows: Int, columns: Int, stride: Int, _ bias: Span<Float>, from first: Int
    ) {
        checkBlock(start, rows, columns, stride, bias, first)
        unsafe withUnsafeMutableBufferPointer { x in
            unsafe bias.withUnsafeBufferPointer { bias in
                guard let x = x.baseAddress, let bias = bias.baseAddress else { return }
                unsafe vector_math_add_bias(x + start, rows, columns, stride, bias + first)
            }
        }
    }

    /// `x = gelu(x + bias)` in such rows.
    mutating func gelu(
        at start: Int, rows: Int, columns: Int, stride: Int, _ bias: Span<Float>?, from first: Int
    ) {
        checkBlock(start, rows, columns, stride, bias, first)
        unsafe withUnsafeMutableBufferPointer { x in
            guard let x = x.baseAddress else { return }
            guard let bias else { return unsafe vector_math_gelu(x + start, rows, columns, stride, nil) }
            unsafe bias.withUnsafeBufferPointer { bias in
                let bias = unsafe bias.baseAddress.map { unsafe $0 + first }
                unsafe vector_math_gelu(x + start, rows, columns, stride, bias)
            }
        }
    }

    private func checkBlock(
        _ start: Int, _ rows: Int, _ columns: Int, _ stride: Int, _ bias: Span<Float>?, _ first: Int
    ) {
        precondition(start >= 0 && rows >= 0 && columns >= 0 && columns <= stride)
        precondition(rows == 0 || start + (rows - 1) * stride + columns <= count)
        if let bias { precondition(first >= 0 && first + columns <= bias.count) }
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
    mutating func attend(
        queries: Span<Float>, keys: Span<Float>, values: Span<Float>, _ shape: AttentionShape,
        _ group: AttentionShape.Group
    ) {
        precondition(shape.isShort(group))
        unsafe withUnsafeMutableBufferPointer { out in
            unsafe queries.withUnsafeBufferPointer { queries in
                unsafe keys.withUnsafeBufferPointer { keys in
                    unsafe values.withUnsafeBufferPointer { values in
                        guard let out = out.baseAddress, let queries = queries.baseAddress,
                            let keys = keys.baseAddress, let values = values.baseAddress
                        else { return }
                        for head in 0..<shape.heads {
                            let column = head &* shape.headWidth
                            unsafe vector_math_attend(
                                out + group.query * shape.outStride + column, shape.outStride,
                                queries + group.query * shape.queryStride + column, shape.queryStride,
                                keys + group.key * shape.keyStride + column, shape.keyStride,
                                values + group.key * shape.valueStride + column, shape.valueStride,
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
