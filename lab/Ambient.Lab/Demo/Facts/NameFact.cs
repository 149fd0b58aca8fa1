using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Ambient.Lab.Demo.Stages;
using Ambient.Mesh.Addresses;
using Ambient.Mesh.Dns;
using Ambient.Transport.Namespaces;

namespace Ambient.Lab.Demo.Facts;

/// <summary>A pod asks its resolver for a service by its short name; nobody serves DNS in the lab but ztunnel.</summary>
internal sealed class NameFact : IDemoFact
{
    private const string Name = $"{DemoNames.Server}.{Specs.DefaultLab.Namespace}";

    /// <summary>Where a cluster's resolver is; no machine of the lab has it, so that only redirection can answer.</summary>
    private static readonly IPEndPoint Resolver = new(IPAddress.Parse("10.96.0.10"), 53);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public string Title => "1 a pod finds the service by name";

    public async IAsyncEnumerable<FactLine> CheckAsync(IDemoStage stage, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (stage.ClientNamespace is not { } path)
        {
            yield return FactLine.NotHere(Title, "capturing DNS needs redirection");
            yield break;
        }

        foreach (DnsType type in new[] { DnsType.A, DnsType.Aaaa })
        {
            string record = type == DnsType.A ? "A" : "AAAA";
            MeshIp[] found = await AskAsync(path, type, cancellationToken);
            bool isTarget = found.Any(address => stage.Targets.Any(target => target.BaseUrl.Contains(address.ToString(), StringComparison.Ordinal)));
            string seen = found.Length == 0 ? "no answer" : string.Join(", ", found);
            yield return FactLine.Of(isTarget, $"{Title}: {record}", $"{Name} asked of {Resolver} -> {seen}");
        }
    }

    private static async Task<MeshIp[]> AskAsync(string namespacePath, DnsType type, CancellationToken cancellationToken)
    {
        _ = DnsName.TryParse(Name, out DnsName name);
        DnsMessage query = new() { Header = new DnsHeader(1, DnsHeader.RecursionDesiredFlag), Question = new DnsQuestion(name, type) };
        using NetworkNamespace pod = NetworkNamespace.Open(namespacePath);
        using Socket socket = pod.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Patience);
        byte[] buffer = new byte[Edns.SmallestPayload];
        try
        {
            await socket.ConnectAsync(Resolver, deadline.Token);
            await socket.SendAsync(buffer.AsMemory(0, DnsMessageWriter.Write(query, buffer)), deadline.Token);
            int length = await socket.ReceiveAsync(buffer, deadline.Token);
            return DnsMessageReader.TryRead(buffer.AsSpan(0, length), out DnsMessage? answer) ? [.. Addresses(answer)] : [];
        }
        catch (Exception silence) when (silence is SocketException || (silence is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return [];
        }
    }

    private static IEnumerable<MeshIp> Addresses(DnsMessage answer)
    {
        foreach (DnsRecord record in answer.Answers)
        {
            if (record.TryGetAddress(out MeshIp address))
            {
                yield return address;
            }
        }
    }
}
