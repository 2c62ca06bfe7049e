package io.ramzswap.compress;

class ZstdTest extends CompressorContract {
    ZstdTest() {
        super(CompressorKind.ZSTD);
    }
}
