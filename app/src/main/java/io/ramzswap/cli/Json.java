package io.ramzswap.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

/** What is printed for programs to read. */
final class Json {
    private static final Gson GSON = new GsonBuilder()
            .setPrettyPrinting()
            .serializeNulls()
            .disableHtmlEscaping()
            .create();

    private Json() {}

    /** With the last newline. What there is no figure for is null, never left out. */
    static String text(JsonElement element) {
        return GSON.toJson(element) + "\n";
    }

    /** A record's members under their names. */
    static JsonObject members(Record of) {
        return GSON.toJsonTree(of).getAsJsonObject();
    }
}
