package io.ramzswap.exchange;

/** A protocol of requests and answers. {@link #answer} is called by several threads at a time, all else by one. */
public interface Service {
    /**
     * Returns the length of the first request, with whatever ends it, or 0 while it is not whole.
     *
     * @param received the bytes that came, from 0 to {@code length}
     */
    int requestLength(byte[] received, int length);

    /** Carries a whole request out. It may take its time. */
    Answer answer(byte[] request);

    /** Returns the answer to a client whose request is longer than {@link Limits#requestBytes}. */
    Answer tooLong();

    /** Returns the answer to a client that closed its end in the middle of a request. */
    Answer cutOff();

    /** Returns the answer to a request for which no thread is left. */
    Answer busy();

    /** Hears that a client was dropped, and why: it was silent for too long, or made room for another. */
    void dropped(String why);

    /** Hears that clients cannot be accepted at the moment. */
    void cannotAccept(Throwable why);
}
