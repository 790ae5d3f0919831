/**
 * What is special about each kind: defaults, validation, immutability, selectable fields, columns.
 * Everything else is generic. Rules work on trees and keep no state.
 */
@NullMarked
package io.kubra.apiserver.rules;

import org.jspecify.annotations.NullMarked;
