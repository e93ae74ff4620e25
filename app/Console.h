// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/history/ColumnCache.h"
#include "ui/models/BrokerWatch.h"
#include "ui/models/CaptureController.h"
#include "ui/models/ViewState.h"
#include "ui/theme/Theme.h"

#include <QObject>
#include <QSettings>

#include <memory>
#include <optional>

namespace weir {

class MainWindow;

/// The composition root of the console: makes the parts, joins them, and does nothing else. gui thread.
class Console : public QObject
{
    Q_OBJECT
public:
    Console();
    ~Console() override;

    void show();
    [[nodiscard]] MainWindow& window() { return *m_window; }
    /// What the table of messages keeps of the blocks that it shows.
    [[nodiscard]] const ColumnCache& columns() const { return *m_columns; }
    /// Begins to observe, as if the connect dialog had been answered so.
    void observe(const CaptureRequest& request);
    /// Shows what a history holds; nothing is recorded.
    void openHistory(const std::filesystem::path& history);
    /// Asks what to observe, beginning with what is known of it.
    void askForConnection(const std::optional<CaptureRequest>& known = std::nullopt);

private:
    void onStarted();
    void onFailed(const Error& error);
    void onCaptureFailed(const Error& error);

    QSettings m_settings;
    SystemClock m_clock;
    Theme m_theme;
    std::shared_ptr<ColumnCache> m_columns = std::make_shared<ColumnCache>();
    ViewState m_state;
    CaptureController m_capture;
    BrokerWatch m_broker; ///< that is observed
    std::unique_ptr<MainWindow> m_window;
    CaptureRequest m_request; ///< of the newest capture
};

} // namespace weir
