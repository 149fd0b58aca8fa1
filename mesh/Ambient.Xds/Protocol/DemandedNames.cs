namespace Ambient.Xds.Protocol;

/// <summary>Who waits for which resource name. Names are compared exactly: aliases do not count (node-proxy 3.3).</summary>
internal sealed class DemandedNames
{
    /// <summary>A server that answers nothing must not make the list grow for ever.</summary>
    public const int MaxNames = 10_000;

    private static readonly Task Never = new TaskCompletionSource().Task;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, TaskCompletionSource> _waiters = new(StringComparer.Ordinal);

    /// <summary>The names not answered yet.</summary>
    public IReadOnlyList<string> Pending
    {
        get
        {
            lock (_lock)
            {
                return [.. _waiters.Keys];
            }
        }
    }

    /// <summary>Completes when the name is answered; never when too many are waited for: the caller's own limit ends that wait.</summary>
    /// <param name="name">The name to wait for.</param>
    /// <param name="isNew">Whether nobody waited for it yet, so that it must be asked for.</param>
    public Task Wait(string name, out bool isNew)
    {
        lock (_lock)
        {
            isNew = !_waiters.TryGetValue(name, out TaskCompletionSource? waiter);
            if (isNew && _waiters.Count >= MaxNames)
            {
                isNew = false;
                return Never;
            }

            if (isNew)
            {
                waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _waiters.Add(name, waiter);
            }

            return waiter!.Task;
        }
    }

    public void Release(string name)
    {
        TaskCompletionSource? waiter;
        lock (_lock)
        {
            _waiters.Remove(name, out waiter);
        }

        waiter?.TrySetResult();
    }
}
