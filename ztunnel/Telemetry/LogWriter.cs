namespace Ambient.Ztunnel.Telemetry;

/// <summary>
/// Writes lines to the output on a thread of its own. Nobody ever waits for it: event loops log too, and an output that is not read must not
/// stop traffic. At most 10,000 lines wait (node-proxy 9.4); what comes on top is lost and counted, and a line says how many once the output
/// takes lines again. The bound in bytes holds when lines are unusually long.
/// </summary>
internal sealed class LogWriter : IDisposable, IMetricSource
{
    public const int MaxWaitingLines = 10_000;
    public const int MaxWaitingBytes = 16 << 20;

    /// <summary>Kept free for lines that are not of the access log: a flood of connections must not hide what the program says of itself.</summary>
    public const int ReservedLines = 1_000;

    private const int ReservedBytes = 1 << 20;

    /// <summary>A burst's buffer is given back when it is larger than this.</summary>
    private const int MaxKeptBytes = 256 * 1024;

    /// <summary>An output that takes nothing must not keep the program from ending.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);

    private readonly object _gate = new();
    private readonly Stream _output;
    private readonly Thread _thread;
    private byte[] _waiting = new byte[16 * 1024];
    private byte[] _writing = [];
    private int _waitingBytes;
    private int _waitingLines;
    private long _lost;
    private long _lostUntold;
    private bool _isClosed;
    private bool _isBroken;

    public LogWriter(Stream output)
    {
        _output = output;
        _thread = new Thread(Run) { IsBackground = true, Name = "log" };
        _thread.Start();
    }

    /// <summary>Makes the whole line that says how many were lost; without it nothing is said. Set before the first line.</summary>
    public Func<long, byte[]>? DescribeLoss { get; set; }

    /// <summary>
    /// Takes a whole line, its newline included, or loses it; never waits for the output. After <see cref="Dispose"/>, and when the output is
    /// gone for good, lines are lost without being counted: nobody will ever read of them.
    /// </summary>
    public void Write(ReadOnlySpan<byte> line, bool isAccess = false)
    {
        lock (_gate)
        {
            if (_isClosed || _isBroken)
            {
                return;
            }

            if (!HasRoomFor(line.Length, isAccess))
            {
                _lost++;
                _lostUntold++;
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
            writer.Sample(MetricCatalogue.LogLinesDropped, "", _lost);
        }
    }

    /// <summary>Writes what waits, unless the output takes nothing for two seconds, then ends the thread.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
            Monitor.PulseAll(_gate);
        }

        _thread.Join(LastWords);
    }

    /// <summary>One line always fits into an empty queue, whatever its length.</summary>
    private bool HasRoomFor(int length, bool isAccess)
    {
        int lines = MaxWaitingLines + (isAccess ? 0 : ReservedLines);
        int bytes = MaxWaitingBytes + (isAccess ? 0 : ReservedBytes);
        return _waitingLines == 0 || (_waitingLines < lines && length <= bytes - _waitingBytes);
    }

    private void Append(ReadOnlySpan<byte> line)
    {
        int needed = _waitingBytes + line.Length;
        if (needed > _waiting.Length)
        {
            Array.Resize(ref _waiting, Math.Max(needed, Math.Min(_waiting.Length * 2, MaxWaitingBytes + ReservedBytes)));
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
            TellOfLoss();
            return length > 0;
        }
    }

    /// <summary>Behind the lines that were there before the loss, which have just been taken.</summary>
    private void TellOfLoss()
    {
        if (_lostUntold > 0 && DescribeLoss is { } describe)
        {
            Append(describe(_lostUntold));
            _lostUntold = 0;
        }
    }

    /// <summary>Nobody reads the output any more. The proxy goes on without a log: its traffic matters more.</summary>
    private void Break()
    {
        lock (_gate)
        {
            _isBroken = true;
        }
    }
}
