using OrderDesk;

await Desk.Build(args).RunAsync();
