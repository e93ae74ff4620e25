// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/SubjectAudience.h"

#include <memory>
#include <mutex>
#include <string>

namespace weir {

/// Who listens, as the last look told: looked up anew only when there is another one. Any thread.
class AudienceCache
{
public:
    [[nodiscard]] std::shared_ptr<const SubjectAudience> of(const std::shared_ptr<const BrokerLook>& look,
                                                            const std::string& account)
    {
        const std::lock_guard lock(m_mutex);
        if (m_look != look || m_account != account) {
            m_look = look;
            m_account = account;
            m_audience = std::make_shared<const SubjectAudience>(*look, account);
        }
        return m_audience;
    }

private:
    std::mutex m_mutex;
    // All guarded by m_mutex.
    std::shared_ptr<const BrokerLook> m_look;
    std::string m_account;
    std::shared_ptr<const SubjectAudience> m_audience;
};

} // namespace weir
