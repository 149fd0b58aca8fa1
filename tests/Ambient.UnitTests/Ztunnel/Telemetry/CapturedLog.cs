using System.Text;
using Ambient.Testing.Certs;
using Ambient.Ztunnel.Configuration;
using Ambient.Ztunnel.Telemetry;

namespace Ambient.UnitTests.Ztunnel.Telemetry;

/// <summary>The real log front writing into memory; reading ends it.</summary>
internal sealed class CapturedLog : IDisposable
{
    private readonly MemoryStream _output = new();
    private readonly LogWriter _writer;

    public CapturedLog(LogFormat format = LogFormat.Plain, string filter = "trace")
    {
        _writer = new LogWriter(_output);
        LogFilter parsed = LogFilter.TryParse(filter, out LogFilter? read, out string? error) ? read : throw new ArgumentException(error);
        Loggers = new LoggerProvider(_writer, format, parsed, Time);
    }

    public ManualTime Time { get; } = new(new DateTimeOffset(2026, 3, 1, 12, 30, 5, 123, 456, TimeSpan.Zero));

    public LoggerProvider Loggers { get; }

    public string[] ReadLines()
    {
        _writer.Dispose();
        return Encoding.UTF8.GetString(_output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    public void Dispose()
    {
        _writer.Dispose();
        Loggers.Dispose();
        _output.Dispose();
    }
}
