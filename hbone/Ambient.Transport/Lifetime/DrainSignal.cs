using Ambient.Transport.Loops;

namespace Ambient.Transport.Lifetime;

/// <summary>Says once that a component should come to its end. Thread-safe.</summary>
public sealed class DrainSignal
{
    private readonly Lock _lock = new();
    private List<Registration>? _registrations = [];

    public bool IsDraining
    {
        get
        {
            lock (_lock)
            {
                return _registrations is null;
            }
        }
    }

    /// <summary>Posts <paramref name="callback"/> to <paramref name="loop"/> when the drain begins; at once when it has begun.</summary>
    /// <returns>Disposing forgets the callback; one already posted still runs.</returns>
    public IDisposable Register(EventLoop loop, Action<object?> callback, object? state)
    {
        var registration = new Registration(this, loop, callback, state);
        lock (_lock)
        {
            if (_registrations is not null)
            {
                registration.Index = _registrations.Count;
                _registrations.Add(registration);
                return registration;
            }
        }

        registration.Post();
        return registration;
    }

    /// <summary>Idempotent.</summary>
    public void Begin()
    {
        List<Registration>? registrations;
        lock (_lock)
        {
            registrations = _registrations;
            _registrations = null;
        }

        foreach (Registration registration in registrations ?? [])
        {
            registration.Post();
        }
    }

    private void Forget(Registration registration)
    {
        lock (_lock)
        {
            if (_registrations is null || registration.Index < 0)
            {
                return;
            }

            // The last one takes the free place, so that many connections can come and go.
            Registration last = _registrations[^1];
            _registrations[registration.Index] = last;
            last.Index = registration.Index;
            _registrations.RemoveAt(_registrations.Count - 1);
            registration.Index = -1;
        }
    }

    private sealed class Registration(DrainSignal owner, EventLoop loop, Action<object?> callback, object? state) : IDisposable
    {
        internal int Index { get; set; } = -1;

        internal void Post() => loop.Post(callback, state);

        public void Dispose() => owner.Forget(this);
    }
}
