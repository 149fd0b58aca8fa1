using System.Text;

namespace Ambient.InProcessTests.Ztunnel;

/// <summary>What a ztunnel logs, as lines that a test can wait for.</summary>
internal sealed class LogCapture : Stream
{
    private readonly Lock _lock = new();
    private readonly StringBuilder _text = new();
    private readonly List<(Func<string, bool> Wanted, TaskCompletionSource<string> Found)> _waiters = [];
    private readonly ManualResetEventSlim _flows = new(initialState: true);
    private int _scanned;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public string Text
    {
        get
        {
            lock (_lock)
            {
                return _text.ToString();
            }
        }
    }

    public IEnumerable<string> Lines => Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>From now on no line is taken, as by a pipe that nobody reads, until <see cref="Release"/>.</summary>
    public void Hold() => _flows.Reset();

    public void Release() => _flows.Set();

    /// <summary>The first line, past or future, that contains all parts.</summary>
    public async Task<string> WaitForAsync(params string[] parts)
    {
        bool Wanted(string line) => parts.All(part => line.Contains(part, StringComparison.Ordinal));
        TaskCompletionSource<string> found = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_text.ToString().Split('\n').FirstOrDefault(Wanted) is { } line)
            {
                return line;
            }

            _waiters.Add((Wanted, found));
        }

        try
        {
            return await found.Task.WaitAsync(TimeSpan.FromSeconds(20));
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"No line with {string.Join(" and ", parts)} in:\n{Text}");
        }
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        _flows.Wait();
        lock (_lock)
        {
            _text.Append(Encoding.UTF8.GetString(buffer, offset, count));
            string text = _text.ToString();
            for (int end; (end = text.IndexOf('\n', _scanned)) >= 0; _scanned = end + 1)
            {
                string line = text[_scanned..end];
                foreach ((Func<string, bool> wanted, TaskCompletionSource<string> found) in _waiters)
                {
                    if (wanted(line))
                    {
                        found.TrySetResult(line);
                    }
                }
            }
        }
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
