namespace Ambient.Ztunnel.Telemetry;

/// <summary>
/// Writes lines to the output on a thread of its own. At most 10,000 lines wait (node-proxy 9.4); a producer that finds the
/// queue full waits, so that no line is lost. The bound in bytes holds when lines are unusually long.
/// </summary>
internal sealed class LogWriter : IDisposable, IMetricSource
{
    public const int MaxWaitingLines = 10_000;
    public const int MaxWaitingBytes = 16 << 20;

    /// <summary>A burst's buffer is given back when it is larger than this.</summary>
    private const int MaxKeptBytes = 256 * 1024;

    private readonly object _gate = new();
    private readonly Stream _output;
    private readonly Thread _thread;
    private byte[] _waiting = new byte[16 * 1024];
    private byte[] _writing = [];
    private int _waitingBytes;
    private int _waitingLines;
    private long _producerWaits;
    private bool _isClosed;
    private bool _isBroken;

    public LogWriter(Stream output)
    {
        _output = output;
        _thread = new Thread(Run) { IsBackground = true, Name = "log" };
        _thread.Start();
    }

    /// <summary>Takes a whole line, its newline included. After <see cref="Dispose"/> lines are dropped.</summary>
    public void Write(ReadOnlySpan<byte> line)
    {
        lock (_gate)
        {
            if (IsFullFor(line.Length))
            {
                _producerWaits++;
            }

            while (IsFullFor(line.Length))
            {
                Monitor.Wait(_gate);
            }

            if (_isClosed || _isBroken)
            {
                return;
            }

            Append(line);
            if (_waitingLines == 1)
            {
                Monitor.PulseAll(_gate);
            }
        }
    }

    public void WriteTo(MetricsWriter writer)
    {
        lock (_gate)
        {
            writer.Sample(MetricCatalogue.LogLinesWaited, "", _producerWaits);
        }
    }

    /// <summary>Writes what waits, then ends the thread.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
            Monitor.PulseAll(_gate);
        }

        _thread.Join();
    }

    /// <summary>One line always fits into an empty queue, whatever its length.</summary>
    private bool IsFullFor(int length) =>
        !_isClosed && !_isBroken && _waitingLines > 0
        && (_waitingLines >= MaxWaitingLines || length > MaxWaitingBytes - _waitingBytes);

    private void Append(ReadOnlySpan<byte> line)
    {
        int needed = _waitingBytes + line.Length;
        if (needed > _waiting.Length)
        {
            Array.Resize(ref _waiting, Math.Max(needed, Math.Min(_waiting.Length * 2, MaxWaitingBytes)));
        }

        line.CopyTo(_waiting.AsSpan(_waitingBytes));
        _waitingBytes = needed;
        _waitingLines++;
    }

    private void Run()
    {
        while (Take(out int length))
        {
            try
            {
                _output.Write(_writing, 0, length);
                _output.Flush();
            }
            catch (IOException)
            {
                Break();
                return;
            }
        }
    }

    private bool Take(out int length)
    {
        lock (_gate)
        {
            while (_waitingLines == 0 && !_isClosed)
            {
                Monitor.Wait(_gate);
            }

            byte[] emptied = _writing.Length is > 0 and <= MaxKeptBytes ? _writing : new byte[16 * 1024];
            length = _waitingBytes;
            (_writing, _waiting) = (_waiting, emptied);
            _waitingBytes = 0;
            _waitingLines = 0;
            Monitor.PulseAll(_gate);
            return length > 0;
        }
    }

    /// <summary>Nobody reads the output any more. The proxy goes on without a log: its traffic matters more.</summary>
    private void Break()
    {
        lock (_gate)
        {
            _isBroken = true;
            Monitor.PulseAll(_gate);
        }
    }
}
