using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Ambient.Mesh.Dns;
using Ambient.Testing.Mesh;
using Ambient.Ztunnel.Dns;

namespace Ambient.InProcessTests.Dns;

/// <summary>How upstream resolvers are asked (node-proxy 8.4), against scripted ones.</summary>
public sealed class UpstreamExchangeTests
{
    private static readonly DnsQuestion Question = DnsCaller.Query("a.example", DnsType.A).Question!;

    [Fact]
    public async Task Answers_that_do_not_fit_the_question_are_passed_over()
    {
        using ScriptedResolver spoofed = new((query, _) =>
        [
            [0],
            ScriptedResolver.Bytes(Good(query) with { Header = new DnsHeader((ushort)(query.Header.Id + 1), 0x8180) }),
            ScriptedResolver.Bytes(Good(query) with { Header = query.Header }),
            ScriptedResolver.Bytes(Good(query) with { Question = DnsCaller.Query("b.example", DnsType.A).Question }),
            ScriptedResolver.Bytes(Good(query) with { Question = Question with { Type = DnsType.Aaaa } }),
            ScriptedResolver.Bytes(Good(query) with { Question = null }),
            ScriptedResolver.Bytes(Good(query) with { Answers = [DnsRecord.Address(Question.Name, TestMesh.Ip("9.9.9.9"), 1)] }),
        ]);

        UpstreamReply reply = await AskAsync(spoofed.EndPoint);

        Assert.Equal("a.example. A 9.9.9.9", DnsCaller.Text(Assert.Single(reply.Message!.Answers)));
    }

    [Fact]
    public async Task An_answer_from_another_port_is_not_heard()
    {
        using Socket stranger = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        ScriptedResolver? upstream = null;
        using ScriptedResolver created = new((query, _) =>
        {
            byte[] forged = ScriptedResolver.Bytes(Good(query) with { Answers = [DnsRecord.Address(Question.Name, TestMesh.Ip("6.6.6.6"), 1)] });
            stranger.SendTo(forged, new IPEndPoint(IPAddress.Loopback, upstream!.Seen.Last().Port));
            return [ScriptedResolver.Bytes(Good(query))];
        });
        upstream = created;

        UpstreamReply reply = await AskAsync(created.EndPoint);

        Assert.Equal("a.example. A 1.2.3.4", DnsCaller.Text(Assert.Single(reply.Message!.Answers)));
    }

    [Fact]
    public async Task A_flood_of_guesses_ends_the_query()
    {
        using ScriptedResolver flood = new((query, _) => Enumerable.Repeat(ScriptedResolver.Bytes(Good(query) with { Question = null }), 40));

        UpstreamReply reply = await AskAsync(flood.EndPoint);

        Assert.Contains("another question", reply.Error);
    }

    [Fact]
    public async Task Ports_and_ids_differ_from_query_to_query()
    {
        using ScriptedResolver upstream = new((query, _) => [ScriptedResolver.Bytes(Good(query))]);
        for (int query = 0; query < 20; query++)
        {
            await AskAsync(upstream.EndPoint);
        }

        Assert.InRange(upstream.Seen.Select(seen => seen.Port).Distinct().Count(), 15, 20);
        Assert.InRange(upstream.Seen.Select(seen => seen.Query.Header.Id).Distinct().Count(), 15, 20);
    }

    [Fact]
    public async Task A_truncated_answer_is_fetched_over_tcp()
    {
        using ScriptedResolver upstream = new((query, isTcp) =>
        [
            ScriptedResolver.Bytes(isTcp
                ? Good(query) with { Answers = [.. Enumerable.Range(0, 200).Select(n => DnsRecord.Address(Question.Name, TestMesh.Ip($"10.0.0.{n}"), 9))] }
                : Good(query) with { Header = new DnsHeader(query.Header.Id, 0x8380), Answers = [] }),
        ]);

        Assert.Equal(200, (await AskAsync(upstream.EndPoint)).Message!.Answers.Length);
    }

    [Fact]
    public async Task A_server_without_edns_is_asked_again_without_it()
    {
        using ScriptedResolver old = new((query, _) => [ScriptedResolver.Bytes(query.Edns is null
            ? Good(query) with { Edns = null }
            : new DnsMessage { Header = query.Header.ToResponse(DnsResponseCode.FormatError, false) })]);

        Assert.True((await AskAsync(old.EndPoint)).HasMessage);
        Assert.Equal(2, old.Seen.Count);
    }

    [Fact]
    public async Task A_silent_or_failing_server_is_passed_over_and_the_good_one_asked_first_from_then_on()
    {
        using ScriptedResolver silent = new((_, _) => []);
        using ScriptedResolver failing = new((query, _) => [ScriptedResolver.Bytes(ScriptedResolver.Answer(query, DnsResponseCode.ServerFailure))]);
        using ScriptedResolver good = new((query, _) => [ScriptedResolver.Bytes(Good(query))]);
        UpstreamClient client = Client([silent.EndPoint, failing.EndPoint, good.EndPoint]);

        Assert.Single((await AskAsync(client)).Message!.Answers);
        Assert.Single((await AskAsync(client)).Message!.Answers);

        Assert.Equal((1, 1, 2), (silent.Seen.Count, failing.Seen.Count, good.Seen.Count));
    }

    [Fact]
    public async Task A_closed_port_is_an_error_at_once()
    {
        using ScriptedResolver closed = new((_, _) => []);
        closed.Dispose();

        UpstreamReply reply = await AskAsync(closed.EndPoint);

        Assert.Contains(closed.EndPoint.ToString(), reply.Error);
    }

    [Fact]
    public async Task The_error_code_of_a_server_is_the_answer_when_no_other_does_better()
    {
        using ScriptedResolver refusing = new((query, _) => [ScriptedResolver.Bytes(ScriptedResolver.Answer(query, DnsResponseCode.Refused))]);

        Assert.Equal(DnsResponseCode.Refused, (await AskAsync(refusing.EndPoint)).Message!.Code);
        Assert.Single(refusing.Seen);
    }

    [Fact]
    public async Task Ipv6_servers_are_asked_too()
    {
        using ScriptedResolver upstream = new((query, _) => [ScriptedResolver.Bytes(Good(query))], IPAddress.IPv6Loopback);

        Assert.True((await AskAsync(upstream.EndPoint)).HasMessage);
    }

    [Fact]
    public async Task Queries_beyond_the_budget_have_no_socket()
    {
        using ScriptedResolver silent = new((_, _) => []);
        QueryBudget budget = new(2);
        using CancellationTokenSource stop = new();
        UpstreamClient client = new(() => new ResolverConfiguration { Servers = [silent.EndPoint] }, DnsRig.Open, budget, TimeProvider.System);
        Task<UpstreamReply>[] asked = [client.AskAsync(Question, client.Resolvers, stop.Token), client.AskAsync(Question, client.Resolvers, stop.Token)];

        Assert.Contains("more than 2 queries", (await AskAsync(client)).Error);
        await stop.CancelAsync();
        Assert.All(await Task.WhenAll(asked), reply => Assert.False(reply.HasMessage));
        Assert.Equal(0, budget.Taken);
    }

    [Fact]
    public async Task Equal_questions_at_once_are_one_query_and_later_ones_come_from_the_cache()
    {
        using ScriptedResolver upstream = new((query, _) => [ScriptedResolver.Bytes(Good(query))]);
        using CachedUpstream cached = new(Client([upstream.EndPoint]), new AnswerCache(10, TimeProvider.System));

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => cached.AskAsync(Question)));
        await cached.AskAsync(Question);

        Assert.Single(upstream.Seen);
    }

    [Fact]
    public async Task Answers_of_former_resolvers_are_forgotten_and_those_under_way_are_not_kept()
    {
        TaskCompletionSource released = new();
        using ScriptedResolver former = new((query, _) =>
        {
            released.Task.Wait(TimeSpan.FromSeconds(10));
            return [ScriptedResolver.Bytes(ScriptedResolver.Answer(query, DnsResponseCode.NoError, DnsRecord.Address(Question.Name, TestMesh.Ip("6.6.6.6"), 60)))];
        });
        using ScriptedResolver present = new((query, _) => [ScriptedResolver.Bytes(Good(query))]);
        ResolverConfiguration old = new() { Servers = [former.EndPoint] };
        ResolverConfiguration configuration = old;
        UpstreamClient client = new(() => configuration, DnsRig.Open, new QueryBudget(100), TimeProvider.System);
        using CachedUpstream cached = new(client, new AnswerCache(10, TimeProvider.System));
        Task<UpstreamReply> underWay = cached.AskAsync(Question);
        Assert.True(SpinWait.SpinUntil(() => !former.Seen.IsEmpty, TimeSpan.FromSeconds(10)));

        configuration = new ResolverConfiguration { Servers = [present.EndPoint] };
        Assert.Equal("1.2.3.4", AddressIn(await cached.AskAsync(Question)));
        released.SetResult();
        Assert.Equal("6.6.6.6", AddressIn(await underWay));
        Assert.Equal("1.2.3.4", AddressIn(await cached.AskAsync(Question)));
        Assert.Single(present.Seen);

        configuration = old;
        Assert.Equal("6.6.6.6", AddressIn(await cached.AskAsync(Question)));
    }

    [Fact]
    public async Task The_stub_resolver_follows_search_domains_and_aliases_and_asks_both_families()
    {
        DnsName Name(string text) => DnsCaller.Query(text, DnsType.A).Question!.Name;
        using ScriptedResolver upstream = new((query, _) => [ScriptedResolver.Bytes(query.Question!.Name.ToString() != "db.corp.example."
            ? ScriptedResolver.Answer(query, DnsResponseCode.NameError)
            : ScriptedResolver.Answer(
                query,
                DnsResponseCode.NoError,
                DnsRecord.CanonicalName(query.Question.Name, Name("real.example"), 60),
                DnsRecord.Address(Name("other.example"), TestMesh.Ip("6.6.6.6"), 60),
                DnsRecord.Address(Name("real.example"), TestMesh.Ip(query.Question.Type == DnsType.A ? "10.0.0.7" : "fd00::7"), 60)))]);
        ResolverConfiguration configuration = new() { Servers = [upstream.EndPoint], SearchDomains = ["none.example", "corp.example"], Dots = 2 };
        using StubResolver resolver = new(() => configuration, HostsFile.Parse("10.1.1.1 fixed.example"), hasIPv6: true, TimeProvider.System);

        ResolvedAddresses found = await resolver.ResolveAsync("db");

        Assert.Equal(["10.0.0.7", "fd00::7"], found.Addresses.Select(address => address.ToString()));
        Assert.Equal(["db.none.example.", "db.none.example.", "db.corp.example.", "db.corp.example."], upstream.Seen.Select(seen => seen.Query.Question!.Name.ToString()));
        Assert.Equal("10.1.1.1", Assert.Single((await resolver.ResolveAsync("fixed.example")).Addresses).ToString());
        Assert.Equal("::1", Assert.Single((await resolver.ResolveAsync("::1")).Addresses).ToString());
        ResolvedAddresses missing = await resolver.ResolveAsync("no.such.name.");
        Assert.Equal((true, null), (missing.Addresses.IsEmpty, missing.Error));
        Assert.NotNull((await resolver.ResolveAsync("not a name")).Error);
    }

    private static string AddressIn(UpstreamReply reply) => DnsCaller.Text(Assert.Single(reply.Message!.Answers)).Split(' ')[^1];

    private static DnsMessage Good(DnsMessage query) =>
        ScriptedResolver.Answer(query, DnsResponseCode.NoError, DnsRecord.Address(Question.Name, TestMesh.Ip("1.2.3.4"), 60));

    private static UpstreamClient Client(ImmutableArray<IPEndPoint> servers)
    {
        ResolverConfiguration configuration = new() { Servers = servers };
        return new UpstreamClient(() => configuration, DnsRig.Open, new QueryBudget(100), TimeProvider.System);
    }

    private static Task<UpstreamReply> AskAsync(IPEndPoint server) => AskAsync(Client([server]));

    private static Task<UpstreamReply> AskAsync(UpstreamClient client) => client.AskAsync(Question, client.Resolvers, CancellationToken.None);
}
