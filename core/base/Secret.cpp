// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Secret.h"

#include <openssl/crypto.h>

namespace weir {

void Secret::wipe() noexcept
{
    // The small-string buffer counts too: capacity(), not size(), is what may still hold old bytes.
    m_text.resize(m_text.capacity());
    OPENSSL_cleanse(m_text.data(), m_text.size());
    m_text.clear();
}

} // namespace weir
