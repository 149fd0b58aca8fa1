using Ambient.Xds.Messages;

namespace Ambient.Xds.Protocol;

/// <summary>
/// What is asked for on demand and what was answered, over all streams (node-proxy 3.3). Names are compared exactly: aliases do not count. A
/// control plane answers only what changes a subscription, so a name that is subscribed to is never subscribed to again: what it was answered
/// holds, or the subscription is taken back first.
/// </summary>
internal sealed class DemandedNames(TimeProvider time)
{
    /// <summary>A server that answers nothing must not make the list grow for ever.</summary>
    public const int MaxNames = 10_000;

    /// <summary>
    /// How long nothing is what a name stands for. Something new is pushed under its own name, which need not be the one that was asked for.
    /// While there is no stream the last answer stays in force, as all of the mesh does (node-proxy 3.5).
    /// </summary>
    public static readonly TimeSpan AbsenceLifetime = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Question> _questions = new(StringComparer.Ordinal);
    private readonly HashSet<string> _present = new(StringComparer.Ordinal);

    // Of which the control plane said that nothing has them.
    private readonly RecentNames _absent = new();

    // On the stream of the moment, by demand.
    private readonly HashSet<string> _subscribed = new(StringComparer.Ordinal);

    // An answer that crosses the taking back is in force all the same, and nobody would tell what becomes of it.
    private readonly RecentNames _takenBack = new();
    private Action<DeltaDiscoveryRequest>? _post;
    private bool _isTaken;

    /// <summary>The names not answered yet.</summary>
    public IReadOnlyList<string> Pending
    {
        get
        {
            lock (_lock)
            {
                return [.. _questions.Keys];
            }
        }
    }

    /// <summary>Completes when the name is answered; not before <paramref name="cancellation"/> when too many are waited for.</summary>
    public async ValueTask AskAsync(string name, CancellationToken cancellation)
    {
        if (Join(name) is not { } question)
        {
            return;
        }

        try
        {
            await question.Answered.Task.WaitAsync(cancellation);
        }
        finally
        {
            Leave(name, question);
        }
    }

    /// <summary>A new stream. What is asked for from now on follows its first requests.</summary>
    /// <param name="post">Sends a request on it.</param>
    /// <param name="subscribe">Sends the first ones, which name what is pending and what is in force.</param>
    public void Attach(Action<DeltaDiscoveryRequest> post, Action<IReadOnlyCollection<string>> subscribe)
    {
        lock (_lock)
        {
            subscribe(_questions.Keys);
            _subscribed.UnionWith(_questions.Keys);
            _subscribed.UnionWith(_present);
            _post = post;
        }
    }

    /// <summary>The server has taken the stream: it can be asked again about what does not exist.</summary>
    public void Taken()
    {
        lock (_lock)
        {
            _isTaken = true;
        }
    }

    public void Detach()
    {
        lock (_lock)
        {
            _post = null;
            _isTaken = false;
            _subscribed.Clear();
        }
    }

    /// <summary>Ends the questions that a response answers, once it is in the store.</summary>
    /// <param name="names">Of its resources and removals.</param>
    /// <param name="isPresent">Whether a resource of the name is in force now.</param>
    public void Answer(IEnumerable<string> names, Func<string, bool> isPresent)
    {
        lock (_lock)
        {
            foreach (string gone in _present.Where(name => !isPresent(name)).ToList())
            {
                _present.Remove(gone);
                Miss(gone);
            }

            foreach (string name in names)
            {
                bool wasAskedFor = _questions.Remove(name, out Question? question) | _absent.Remove(name);
                if (isPresent(name) && (wasAskedFor || _takenBack.Find(name) is not null))
                {
                    Keep(name);
                }
                else if (wasAskedFor)
                {
                    Miss(name);
                }

                question?.Answered.TrySetResult();
            }
        }
    }

    private Question? Join(string name)
    {
        lock (_lock)
        {
            if (_present.Contains(name)
                || (_absent.Find(name) is { } since && (!_isTaken || time.GetElapsedTime(since) < AbsenceLifetime)))
            {
                return null;
            }

            if (!_questions.TryGetValue(name, out Question? question))
            {
                question = new Question();
                if (_questions.Count < MaxNames)
                {
                    _questions.Add(name, question);
                    Subscribe(name);
                }
            }

            question.Askers++;
            return question;
        }
    }

    /// <summary>Whoever is the last to give up takes the question back.</summary>
    private void Leave(string name, Question question)
    {
        lock (_lock)
        {
            if (--question.Askers == 0 && _questions.GetValueOrDefault(name) == question)
            {
                _questions.Remove(name);
                Unsubscribe(name);
            }
        }
    }

    private void Keep(string name)
    {
        _present.Add(name);
        if (!_subscribed.Contains(name))
        {
            Subscribe(name);
        }
    }

    private void Miss(string name)
    {
        if (_absent.Add(name, time.GetTimestamp(), out string? dropped) && !_questions.ContainsKey(dropped))
        {
            Unsubscribe(dropped);
        }
    }

    private void Subscribe(string name)
    {
        // Two requests: in one, the name would end as not subscribed to.
        Unsubscribe(name);
        if (_post is not null)
        {
            _subscribed.Add(name);
            _takenBack.Remove(name);
            _post(new DeltaDiscoveryRequest { TypeUrl = XdsTypes.Address, ResourceNamesSubscribe = { name } });
        }
    }

    private void Unsubscribe(string name)
    {
        if (_subscribed.Remove(name))
        {
            _takenBack.Add(name, time.GetTimestamp(), out _);
            _post!(new DeltaDiscoveryRequest { TypeUrl = XdsTypes.Address, ResourceNamesUnsubscribe = { name } });
        }
    }

    private sealed class Question
    {
        public int Askers { get; set; }

        public TaskCompletionSource Answered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
