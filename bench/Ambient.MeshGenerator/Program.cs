using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Ambient.MeshGenerator;

if (args.Length != 5)
{
    Console.Error.WriteLine("usage: ambient-mesh ADDRESS:PORT CERTIFICATE-AND-KEY.pem WORKLOADS CLIENT-POD-IP SERVER-POD-IP");
    return 2;
}

GeneratedMesh mesh = new(int.Parse(args[2], CultureInfo.InvariantCulture), IPAddress.Parse(args[3]), IPAddress.Parse(args[4]));
using X509Certificate2 certificate = X509Certificate2.CreateFromPemFile(args[1]);
ControlPlane plane = new(mesh, TimeProvider.System);
await plane.RunAsync(IPEndPoint.Parse(args[0]), certificate, Console.In, Console.Out);
return 0;
