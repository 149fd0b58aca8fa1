using Ambient.Mesh.Dns;
using Ambient.Mesh.Workloads;
using Ambient.Ztunnel.Pods;

namespace Ambient.Ztunnel.Dns;

/// <summary>Answers the queries of one pod: from the mesh what the mesh knows, from the upstream resolvers all else (node-proxy 8).</summary>
internal sealed class DnsResponder(LocalWorkload local, Func<MeshAnswers> mesh, CachedUpstream upstream, DnsReports reports)
{
    /// <summary>Completes at once when the answer is in the mesh. Never throws for a query that cannot be answered.</summary>
    public ValueTask<DnsMessage> AnswerAsync(DnsMessage query, DnsProtocol protocol) =>
        local.Snapshot.FindLocalWorkload(local.Key) is { } client
            ? AnswerAsync(query, protocol, client)
            : new ValueTask<DnsMessage>(AnswerStrangerAsync(query, protocol));

    /// <summary>As an answer to a query for which there is no room.</summary>
    public DnsMessage Overloaded(DnsMessage query)
    {
        reports.Answered(null, query.Question!, "too many queries under way", 0);
        return DnsRequest.Respond(query, DnsResponseCode.ServerFailure);
    }

    /// <summary>A query was not answered, for a reason that nobody thought of.</summary>
    public void Failed(Exception bug) => reports.Failed(bug);

    private async Task<DnsMessage> AnswerStrangerAsync(DnsMessage query, DnsProtocol protocol)
    {
        if (await local.FindAsync() is { } client)
        {
            return await AnswerAsync(query, protocol, client);
        }

        reports.Asked(null, query.Question!, protocol);
        reports.Answered(null, query.Question!, local.NotFoundError, 0);
        return DnsRequest.Respond(query, DnsResponseCode.ServerFailure);
    }

    private ValueTask<DnsMessage> AnswerAsync(DnsMessage query, DnsProtocol protocol, Workload client)
    {
        DnsQuestion question = query.Question!;
        reports.Asked(client, question, protocol);
        if (mesh().Find(local.Snapshot, client, question, Random.Shared) is not { } answer)
        {
            return new ValueTask<DnsMessage>(ForwardAsync(query, protocol, client));
        }

        string result = !answer.IsSupported ? "service does not support this record type" : answer.Records.IsEmpty ? "no records" : "success";
        reports.Answered(client, question, result, answer.Records.Length);
        return new ValueTask<DnsMessage>(DnsRequest.Respond(query, DnsResponseCode.NoError, isAuthoritative: true, answer.Records));
    }

    /// <summary>node-proxy 8.4: the codes of the upstream are passed on, its authority records are not.</summary>
    private async Task<DnsMessage> ForwardAsync(DnsMessage query, DnsProtocol protocol, Workload client)
    {
        long since = reports.Now;
        UpstreamReply reply = await upstream.AskAsync(query.Question!);
        reports.Forwarded(client, query.Question!, protocol, since, reply);
        if (!reply.HasMessage)
        {
            return DnsRequest.Respond(query, DnsResponseCode.ServerFailure);
        }

        DnsMessage answer = reply.Message;
        bool hasRecords = answer.Code == DnsResponseCode.NoError && !answer.Answers.IsEmpty;
        return hasRecords
            ? DnsRequest.Respond(query, DnsResponseCode.NoError, isAuthoritative: false, answer.Answers, answer.Additionals)
            : DnsRequest.Respond(query, answer.Code);
    }
}
