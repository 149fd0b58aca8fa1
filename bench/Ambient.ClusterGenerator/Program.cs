using System.Globalization;
using System.Net;
using Ambient.ApiServer;
using Ambient.ClusterGenerator;

if (args.Length != 3)
{
    Console.Error.WriteLine("usage: ambient-cluster PODS SERVICES NODES; it ends when its input ends");
    return 2;
}

GeneratedCluster cluster = new(Number(0), Number(1), Number(2));
await using ApiServerHost host = await ApiServerHost.StartAsync(new ApiServerOptions { Address = new IPEndPoint(IPAddress.Loopback, 0) });
cluster.Fill(host);
Console.Out.WriteLine($"serving {host.Address}");
await Console.In.ReadToEndAsync();
return 0;

int Number(int index) => int.Parse(args[index], CultureInfo.InvariantCulture);
