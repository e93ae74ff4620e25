// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/broker/BrokerLook.h"
#include "core/broker/BrokerLookout.h"
#include "core/broker/ConnectionProfile.h"

#include <QObject>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace weir {

/// Looks at a broker again and again, at a pace that it does not feel, and at once where its events tell of a
/// change (see LiveMonitor). gui thread; the looking is done on a thread of its own.
class BrokerWatch : public QObject
{
    Q_OBJECT
public:
    /// What is known of a broker now: its last look and one some looks before, so that what comes in bursts
    /// does not look like a trend; and whose subjects its messages are observed in.
    struct Known
    {
        std::shared_ptr<const BrokerLook> now; ///< null: nothing is known
        std::shared_ptr<const BrokerLook> before;
        std::string account;               ///< id
        std::vector<std::string> observed; ///< what is subscribed to
        std::string problem;               ///< why the last look failed; empty: it did not
    };

    explicit BrokerWatch(std::chrono::milliseconds interval = std::chrono::seconds(2),
                         QObject* parent = nullptr);
    ~BrokerWatch() override;

    /// Forgets what is known, and looks at the profile's monitoring ports (`monitorUrl`, comma-separated);
    /// where it names none, through the system account, if it names a user of that or is one itself.
    void start(const ConnectionProfile& profile, std::vector<std::string> observed);
    /// What is known stays as it was, and is not of the present any more.
    void stop();
    /// Whom start() named; none before it and after stop().
    [[nodiscard]] const std::optional<ConnectionProfile>& profile() const { return m_profile; }
    /// A broker is being looked at that the profile says how to look at, or that could be.
    [[nodiscard]] bool isWatching() const { return m_watching; }
    [[nodiscard]] const Known& known() const { return m_known; }

signals:
    void looked();

private:
    void take(Known known, std::uint64_t generation);

    const std::chrono::milliseconds m_interval;
    Known m_known;
    std::optional<ConnectionProfile> m_profile;
    bool m_watching = false;
    std::uint64_t m_generation = 0;
    /// The last one is the present one; the others are on their way out: nothing waits for a server that does
    /// not answer.
    std::vector<std::unique_ptr<BrokerLookout>> m_lookouts;
};

} // namespace weir
