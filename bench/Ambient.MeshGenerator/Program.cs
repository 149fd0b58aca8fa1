using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Ambient.MeshGenerator;

if (args.Length != 8)
{
    Console.Error.WriteLine(
        "usage: ambient-mesh ADDRESS:PORT CERTIFICATE-AND-KEY.pem ROOT-CERT.pem ROOT-KEY.pem WORKLOADS ADDRESS-BEFORE-CLIENTS ADDRESS-BEFORE-SERVERS PAIRS");
    return 2;
}

int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
using X509Certificate2 certificate = X509Certificate2.CreateFromPemFile(args[1]);
using X509Certificate2 root = X509Certificate2.CreateFromPemFile(args[2], args[3]);
using CertificateAuthority authority = new(root);
OwnPods own = new(IPAddress.Parse(args[5]), IPAddress.Parse(args[6]), Number(args[7]));
ControlPlane plane = new(new GeneratedMesh(Number(args[4]), own), authority, TimeProvider.System);
await plane.RunAsync(IPEndPoint.Parse(args[0]), certificate, Console.In, Console.Out);
return 0;
