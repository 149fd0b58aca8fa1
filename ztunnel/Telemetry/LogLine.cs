using System.Buffers;
using Ambient.Ztunnel.Configuration;
using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Telemetry;

/// <summary>One line being built in one of the two formats of node-proxy 9.4. Kept per thread and reused.</summary>
internal abstract class LogLine
{
    /// <summary>Longer values are cut: some of them come from peers.</summary>
    protected const int MaxValueLength = 4096;

    /// <summary>A buffer that one long line grew beyond this is not kept.</summary>
    private const int MaxKeptBytes = 64 * 1024;

    protected ArrayBufferWriter<byte> Buffer { get; private set; } = new(1024);

    public ReadOnlySpan<byte> Written => Buffer.WrittenSpan;

    /// <summary>A new line in a format.</summary>
    public static LogLine In(LogFormat format) => format == LogFormat.Json ? new JsonLogLine() : new PlainLogLine();

    /// <param name="level">How grave.</param>
    /// <param name="time">When.</param>
    /// <param name="target">By which part of the program.</param>
    /// <param name="message">What.</param>
    /// <param name="span">Within what.</param>
    public void Begin(LogLevel level, DateTimeOffset time, string target, string message, LogSpan? span = null)
    {
        if (Buffer.Capacity > MaxKeptBytes)
        {
            Buffer = new ArrayBufferWriter<byte>(1024);
        }

        Buffer.ResetWrittenCount();
        WriteHead(LogDirective.NameOf(level), time, target, message, span);
    }

    /// <summary>A quoted and escaped text.</summary>
    public abstract void Text(string name, string value);

    /// <summary>An address or another text that needs no quotes in the plain format.</summary>
    public abstract void Bare(string name, string value);

    public abstract void Number(string name, long value);

    public void OptionalText(string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            Text(name, value);
        }
    }

    public abstract void End();

    protected static ReadOnlySpan<char> Cut(string value) =>
        value.Length > MaxValueLength ? value.AsSpan(0, MaxValueLength) : value;

    protected abstract void WriteHead(string level, DateTimeOffset time, string target, string message, LogSpan? span);
}
