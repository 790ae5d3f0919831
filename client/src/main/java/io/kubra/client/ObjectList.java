package io.kubra.client;

import java.util.List;

/**
 * The answer to a list.
 *
 * @param resourceVersion the state the list shows; a watch continues from it
 * @param continueToken the token for the next page, empty at the end
 */
public record ObjectList<T>(List<T> items, String resourceVersion, String continueToken) {}
