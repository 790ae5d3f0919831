/** Rules of what extends the API: custom resource definitions and API services. */
@NullMarked
package io.kubra.apiserver.rules.extension;

import org.jspecify.annotations.NullMarked;
