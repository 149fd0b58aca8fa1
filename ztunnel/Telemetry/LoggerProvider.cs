using System.Collections.Concurrent;
using Ambient.Ztunnel.Configuration;
using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Telemetry;

/// <summary>
/// Makes the loggers, one per target, and changes their levels while the program runs. It is the factory too: with one
/// provider, the framework's factory would only add a second filter.
/// </summary>
internal sealed class LoggerProvider : ILoggerProvider, ILoggerFactory
{
    private readonly ConcurrentDictionary<string, TargetLogger> _loggers = new(StringComparer.Ordinal);
    private readonly Lock _filterLock = new();
    private readonly LogWriter _writer;
    private readonly LogFormat _format;
    private readonly TimeProvider _time;

    public LoggerProvider(LogWriter writer, LogFormat format, LogFilter filter, TimeProvider time)
    {
        _writer = writer;
        _format = format;
        _time = time;
        Filter = filter;
        writer.DescribeLoss = DescribeLoss;
    }

    public LogFilter Filter { get; private set; }

    /// <summary>Where the lines go; it counts those that it lost.</summary>
    public LogWriter Writer => _writer;

    /// <summary>Puts a new filter into force for every logger, existing ones included.</summary>
    public void Apply(LogFilter filter)
    {
        lock (_filterLock)
        {
            Filter = filter;
            foreach (TargetLogger logger in _loggers.Values)
            {
                logger.Level = filter.LevelOf(logger.Target);
            }
        }
    }

    public ILogger CreateLogger(string categoryName)
    {
        if (_loggers.TryGetValue(categoryName, out TargetLogger? known))
        {
            return known;
        }

        lock (_filterLock)
        {
            return _loggers.GetOrAdd(
                categoryName,
                target => new TargetLogger(target, Filter.LevelOf(target), _writer, _format, _time));
        }
    }

    public void AddProvider(ILoggerProvider provider) =>
        throw new NotSupportedException("Every line goes to the one log writer");

    private byte[] DescribeLoss(long lines)
    {
        LogLine line = LogLine.In(_format);
        line.Begin(LogLevel.Warning, _time.GetUtcNow(), LogTargets.App, "log lines lost, the output did not take them");
        line.Number("lines", lines);
        line.Text("hint", "read standard output faster, or log less with RUST_LOG");
        line.End();
        return line.Written.ToArray();
    }

    /// <summary>The writer belongs to whoever made it: it outlives the loggers by the last line.</summary>
    public void Dispose()
    {
    }
}
