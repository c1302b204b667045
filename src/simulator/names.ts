/** Invented places and people. No name, number or address belongs to anybody. */

export const AREAS = [
  { name: '城东', shard: 'a01', setting: 'urban' },
  { name: '城西', shard: 'a02', setting: 'urban' },
  { name: '开发区', shard: 'a03', setting: 'urban' },
  { name: '河口镇', shard: 'a04', setting: 'rural' },
  { name: '青石乡', shard: 'a05', setting: 'rural' },
  { name: '云岭乡', shard: 'a06', setting: 'remote' },
] as const;

export const SUBSTATION_NAMES = [
  '麒麟',
  '白石',
  '南盘',
  '东山',
  '龙泉',
  '凤鸣',
  '沙河',
  '金坪',
  '石桥',
  '望江',
] as const;

// prettier-ignore
export const FEEDER_NAMES = [
  '北园', '滨河', '学府', '工业', '站前', '翠峰', '沿江', '老街', '柳湾', '茶亭',
  '花桥', '西坝', '南屏', '梨园', '龙潭', '大营', '红旗', '和平', '东风', '团结',
] as const;

// prettier-ignore
export const COMPOUNDS = [
  '阳光花园', '锦绣家园', '书香苑', '金桂小区', '翠湖名居', '幸福里', '文昌公寓', '东湖新村', '和谐苑', '丽景湾',
  '供销社家属院', '纺织厂宿舍', '碧水云天', '康乐小区', '南苑二区', '兴隆佳园', '玉兰苑', '教师新村', '中心广场', '步行街',
] as const;

// prettier-ignore
export const VILLAGES = [
  '上寨', '下寨', '大坪子', '小河边', '王家湾', '李家坡', '新屋基', '老鹰岩', '松林', '水塘',
  '桃树冲', '石门', '干沟', '箐口', '龙洞', '马场', '梁子上', '坝心', '岔河', '古城',
] as const;

export const WORKSHOPS = [
  '五金厂',
  '家具厂',
  '食品厂',
  '预制板厂',
  '纸箱厂',
  '汽修城',
  '物流园',
  '冷库',
  '砖厂',
  '洗煤厂',
] as const;

export const SURNAMES = Array.from('王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗');
export const GIVEN = Array.from('伟芳娜敏静丽强磊洋勇艳杰娟涛明超秀霞平刚桂英华玉兰建国志云红');
