/**
 * What all controllers share: the keyed work loop, expectations, owner references and pod
 * conditions.
 */
@NullMarked
package io.kubra.controllers.runtime;

import org.jspecify.annotations.NullMarked;
