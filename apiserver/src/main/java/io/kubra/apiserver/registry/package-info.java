/**
 * Access to the stored objects from inside the server, for admission, authorisation, rules and
 * start-up hooks. Interfaces only; the generic machinery behind them lives in {@code storage}.
 */
@NullMarked
package io.kubra.apiserver.registry;

import org.jspecify.annotations.NullMarked;
