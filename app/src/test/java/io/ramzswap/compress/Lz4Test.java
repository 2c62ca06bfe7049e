package io.ramzswap.compress;

class Lz4Test extends CompressorContract {
    Lz4Test() {
        super(CompressorKind.LZ4);
    }
}
