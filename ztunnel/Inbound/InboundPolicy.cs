using Ambient.Mesh.Policies;
using Ambient.Mesh.State;
using Ambient.Transport.Lifetime;
using Ambient.Ztunnel.Pods;
using Ambient.Ztunnel.Telemetry;
using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Inbound;

/// <summary>
/// Decides whether inbound connections may pass, and closes those that a later policy forbids (node-proxy 4.1, 4.6). A connection is tracked
/// before it is judged for the first time, so that a change in between is not lost.
/// </summary>
internal sealed class InboundPolicy : IDisposable
{
    private static readonly EventId NoteEvent = new(1, "PolicyNote");

    private readonly MeshStore _store;
    private readonly ConnectionTable _connections;
    private readonly ILogger _logger;
    private readonly LogLevel _level;

    public InboundPolicy(MeshStore store, ConnectionTable connections, ILogger logger, bool isInfo)
    {
        _store = store;
        _connections = connections;
        _logger = logger;
        _level = isInfo ? LogLevel.Information : LogLevel.Debug;
        store.Changed += OnMeshChanged;
    }

    /// <summary>Whether judgements are logged: only then is a connection's id worth keeping.</summary>
    public bool IsLogged => _logger.IsEnabled(_level);

    /// <summary>Judges a tracked connection by the policies in force; null lets it pass.</summary>
    public ConnectionFailure? Authorize(TrackedConnection connection)
    {
        MeshSnapshot snapshot = _store.Current;
        AuthorizationDecision decision = Decide(snapshot, connection, LogLevel.Warning);
        return decision.IsAllowed ? null : new ConnectionFailure(
            FailurePhase.Authorize,
            FailureSide.Proxy,
            FailureReason.PolicyDenied,
            decision.Error!,
            Explain(snapshot, connection));
    }

    public void Dispose() => _store.Changed -= OnMeshChanged;

    private void OnMeshChanged(MeshChange change)
    {
        if (!change.PoliciesChanged)
        {
            return;
        }

        foreach (TrackedConnection connection in _connections.Inbound)
        {
            AuthorizationDecision decision = Decide(change.Current, connection, _level);
            if (!decision.IsAllowed)
            {
                connection.PostClose(new ConnectionFailure(
                    FailurePhase.Authorize,
                    FailureSide.Proxy,
                    FailureReason.PolicyChanged,
                    "connection closed due to policy change",
                    $"{decision.Reason}; {Explain(change.Current, connection)}"));
            }
        }
    }

    /// <summary>Names who called and which policies had a say, since "none allowed" alone sends the operator searching.</summary>
    private static string Explain(MeshSnapshot snapshot, TrackedConnection connection)
    {
        string caller = connection.Request!.Source is { } identity ? identity.Principal : "a caller without an identity (plaintext)";
        IEnumerable<string> policies = PolicyEvaluator.EnforcedPolicies(snapshot, connection.Destination!)
            .Select(policy => $"{policy.Action} {policy.Key}");
        return $"the caller is {caller}; policies in force here: {string.Join(", ", policies)}";
    }

    /// <param name="snapshot">The policies.</param>
    /// <param name="connection">The connection.</param>
    /// <param name="unknownPolicy">
    /// The level of lines about policies that are skipped because they are not known. One may be a DENY: that is a warning whatever the level
    /// of the others, but once for a connection, not once more at every change.
    /// </param>
    private AuthorizationDecision Decide(MeshSnapshot snapshot, TrackedConnection connection, LogLevel unknownPolicy)
    {
        AuthorizationDecision decision = PolicyEvaluator.Evaluate(snapshot, connection.Destination!, connection.Request!);
        foreach (AuthorizationNote note in decision.Notes)
        {
            Log(note.Event == AuthorizationEvent.UnknownPolicy ? unknownPolicy : _level, note, connection);
        }

        return decision;
    }

    private void Log(LogLevel level, AuthorizationNote note, TrackedConnection connection)
    {
        if (!_logger.IsEnabled(level))
        {
            return;
        }

        ILogger logger = _logger.WithinConnection(TrafficDirection.Inbound, connection.Trace?.Value, connection.Source);
        if (logger.IsEnabled(level))
        {
            logger.Log(level, NoteEvent, new PolicyNoteEntry(note, connection.Source), null, static (entry, _) => entry.ToString());
        }
    }
}
