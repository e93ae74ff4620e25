// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/Console.h"

#include "core/history/HistoryReader.h"
#include "ui/dialogs/ConnectDialog.h"
#include "ui/views/CredentialsPage.h"
#include "ui/views/LatencyPage.h"
#include "ui/views/MessagesPage.h"
#include "ui/views/SubjectsPage.h"
#include "ui/views/TopologyPage.h"
#include "ui/window/MainWindow.h"

#include <QApplication>
#include <QFileInfo>

namespace weir {
namespace {

QApplication& application()
{
    return *qobject_cast<QApplication*>(QCoreApplication::instance());
}

std::vector<std::unique_ptr<Page>> makePages(ViewState& state, const BrokerWatch& broker,
                                             const std::shared_ptr<ColumnCache>& columns, QSettings& settings)
{
    std::vector<std::unique_ptr<Page>> pages;
    pages.push_back(std::make_unique<MessagesPage>(
        state, nullptr, [columns](const auto& path) { return HistoryReader::openCached(path, columns); }));
    pages.push_back(std::make_unique<SubjectsPage>(state, nullptr, &HistoryReader::open, &broker, &settings));
    pages.push_back(std::make_unique<LatencyPage>(state));
    pages.push_back(std::make_unique<TopologyPage>(state, broker, nullptr, &HistoryReader::open, &settings));
    pages.push_back(std::make_unique<CredentialsPage>(state, broker));
    return pages;
}

} // namespace

Console::Console()
    : m_theme(application(), m_settings),
      m_window(std::make_unique<MainWindow>(MainWindow::Ground{m_state, m_theme, m_clock, m_settings},
                                            makePages(m_state, m_broker, m_columns, m_settings)))
{
    connect(&m_capture, &CaptureController::statusChanged, this,
            [this] { m_window->setStatus(m_capture.status()); });
    connect(&m_capture, &CaptureController::started, this, &Console::onStarted);
    connect(&m_capture, &CaptureController::failed, this, &Console::onCaptureFailed);
    connect(&m_capture, &CaptureController::stopped, this, [this] {
        m_broker.stop();
        m_window->setNoCapture();
    });
    connect(&m_broker, &BrokerWatch::looked, this, [this] {
        const BrokerWatch::Known& known = m_broker.known();
        if (known.now && known.problem.empty())
            m_capture.keepLook({known.now, known.account, known.observed});
    });
    connect(m_window.get(), &MainWindow::connectRequested, this, [this] { askForConnection(); });
    connect(m_window.get(), &MainWindow::disconnectRequested, &m_capture, &CaptureController::stop);
    connect(m_window.get(), &MainWindow::historyChosen, this,
            [this](const QString& path) { openHistory(path.toStdString()); });
}

Console::~Console() = default;

void Console::show()
{
    m_window->show();
}

void Console::observe(const CaptureRequest& request)
{
    m_request = request;
    m_capture.start(request);
}

void Console::openHistory(const std::filesystem::path& history)
{
    const auto reader = HistoryReader::open(history);
    const auto info = reader ? (*reader)->info() : Result<HistoryInfo>(reader.error());
    if (!info) {
        onFailed(info.error());
        return;
    }
    // A recording that nobody adds to is shown whole; one that grows is followed.
    if (!info->beingWritten && info->messages > 0)
        m_state.setRange({false, {}, info->firstTime, info->lastTime + Nanoseconds(1)});
    else if (!m_state.range().live)
        m_state.setRange({});
    m_state.setHistory(history);
}

void Console::askForConnection(const std::optional<CaptureRequest>& known)
{
    ConnectDialog dialog({}, m_window.get());
    dialog.setRunning([this] { return m_capture.isRunning() ? std::optional(m_request) : std::nullopt; });
    if (known)
        dialog.setRequest(*known);
    if (dialog.exec() != QDialog::Accepted)
        return;
    CaptureRequest request = dialog.request();
    request.keep = known ? known->keep : KeepLimits();
    observe(request);
}

void Console::onStarted()
{
    m_broker.start(m_request.profile, m_request.subjects);
    m_state.setHistory(m_request.history);
}

void Console::onFailed(const Error& error)
{
    m_window->notify(QString::fromStdString(error.line()));
}

/// A history has one writer and any number of readers: what another Weir records can be followed.
void Console::onCaptureFailed(const Error& error)
{
    if (error.code != ErrorCode::Busy)
        return onFailed(error);
    m_window->notify(QString::fromStdString(error.line()),
                     {tr("Follow it read-only"),
                      tr("Shows %1 and what the other Weir adds to it; this window records nothing")
                          .arg(QString::fromStdString(m_request.history.string())),
                      [this, history = m_request.history] { openHistory(history); }});
}

} // namespace weir
